-- AlterTable
ALTER TABLE "wharfinger"."host" ADD COLUMN "scanned_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "wharfinger"."worktree"
    ADD COLUMN "misses" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "device" BIGINT;

-- AlterTable
ALTER TABLE "wharfinger"."port_allocation"
    ADD COLUMN "liveness" TEXT NOT NULL DEFAULT 'unknown',
    ADD COLUMN "misses" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "wharfinger"."event_counter" ADD COLUMN "pruned_through" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "wharfinger"."conflict" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "host_name" TEXT NOT NULL,
    "port" INTEGER,
    "environment" TEXT,
    "cause" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "allocation_id" UUID,
    "worktree_id" UUID,
    "listener" JSONB,
    "detected_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "dismissed" BOOLEAN NOT NULL,
    "opened_number" BIGINT NOT NULL,
    "resolved_number" BIGINT,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "conflict_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wharfinger"."listener" (
    "host_name" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "process_id" INTEGER NOT NULL,
    "addresses" TEXT[],
    "process_name" TEXT,
    "command" TEXT,
    "working_directory" TEXT,
    "worktree_id" UUID,

    CONSTRAINT "listener_pkey" PRIMARY KEY ("host_name", "port", "process_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "conflict_opened_number_key" ON "wharfinger"."conflict"("opened_number");

-- CreateIndex
CREATE UNIQUE INDEX "conflict_resolved_number_key" ON "wharfinger"."conflict"("resolved_number");

-- CreateIndex
CREATE UNIQUE INDEX "conflict_cause_key" ON "wharfinger"."conflict"("host_name", "cause") WHERE ((resolved_at IS NULL) OR dismissed);

-- CreateIndex
CREATE INDEX "conflict_host_name_revision_idx" ON "wharfinger"."conflict"("host_name", "revision");

-- CreateIndex
CREATE INDEX "conflict_allocation_id_idx" ON "wharfinger"."conflict"("allocation_id");

-- CreateIndex
CREATE INDEX "conflict_worktree_id_idx" ON "wharfinger"."conflict"("worktree_id");

-- CreateIndex
CREATE INDEX "conflict_resolved_at_idx" ON "wharfinger"."conflict"("resolved_at") WHERE (NOT dismissed);

-- DropIndex
DROP INDEX "wharfinger"."port_allocation_host_name_released_at_idx";

-- CreateIndex
CREATE INDEX "port_allocation_released_at_id_idx" ON "wharfinger"."port_allocation"("released_at", "id") WHERE (released_at IS NOT NULL);

-- AddForeignKey
ALTER TABLE "wharfinger"."conflict" ADD CONSTRAINT "conflict_host_name_fkey" FOREIGN KEY ("host_name") REFERENCES "wharfinger"."host"("name") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "wharfinger"."conflict" ADD CONSTRAINT "conflict_allocation_id_fkey" FOREIGN KEY ("allocation_id") REFERENCES "wharfinger"."port_allocation"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "wharfinger"."conflict" ADD CONSTRAINT "conflict_worktree_id_fkey" FOREIGN KEY ("worktree_id") REFERENCES "wharfinger"."worktree"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- What Prisma's schema cannot say: the CHECKs.
ALTER TABLE "wharfinger"."worktree"
    ADD CONSTRAINT "worktree_misses_check" CHECK ("misses" >= 0);

ALTER TABLE "wharfinger"."port_allocation"
    ADD CONSTRAINT "port_allocation_liveness_check" CHECK ("liveness" IN ('live', 'idle', 'squatted', 'unknown')),
    ADD CONSTRAINT "port_allocation_misses_check" CHECK ("misses" >= 0);

ALTER TABLE "wharfinger"."conflict"
    ADD CONSTRAINT "conflict_kind_check" CHECK ("kind" IN (
        'port_squatted', 'unregistered_listener', 'allocated_while_listening', 'range_nearly_exhausted',
        'orphaned_worktree', 'port_config_collision', 'range_overlap'
    )),
    ADD CONSTRAINT "conflict_port_check" CHECK ("port" BETWEEN 1 AND 65535),
    ADD CONSTRAINT "conflict_environment_check" CHECK ("environment" IN ('dev', 'test', 'production')),
    ADD CONSTRAINT "conflict_resolved_check" CHECK (
        ("resolved_at" IS NULL) = ("resolved_number" IS NULL)
        AND ("resolved_at" IS NOT NULL OR NOT "dismissed")
    );

ALTER TABLE "wharfinger"."listener"
    ALTER COLUMN "addresses" SET NOT NULL,
    ADD CONSTRAINT "listener_port_check" CHECK ("port" BETWEEN 1 AND 65535);

ALTER TABLE "wharfinger"."event_counter"
    ADD CONSTRAINT "event_counter_pruned_through_check" CHECK ("pruned_through" BETWEEN 0 AND "last_number");
