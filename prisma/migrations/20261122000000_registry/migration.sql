-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "wharfinger";

-- CreateTable
CREATE TABLE "wharfinger"."host" (
    "name" TEXT NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "host_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "wharfinger"."codebase" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "repository_url" TEXT,
    "default_cwd" TEXT,
    "primary_port" INTEGER,
    "service_ports" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "codebase_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wharfinger"."worktree" (
    "id" UUID NOT NULL,
    "host_name" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "branch" TEXT,
    "codebase_id" TEXT,
    "conversation_id" TEXT,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),
    "missing_since" TIMESTAMPTZ(3),
    "revision" BIGINT NOT NULL,

    CONSTRAINT "worktree_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wharfinger"."port_allocation" (
    "id" UUID NOT NULL,
    "host_name" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "service_name" TEXT NOT NULL,
    "description" TEXT,
    "environment" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "codebase_id" TEXT,
    "worktree_id" UUID,
    "conversation_id" TEXT,
    "metadata" JSONB,
    "public_hostnames" TEXT[],
    "allocated_at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    "last_checked_at" TIMESTAMPTZ(3),
    "last_active_at" TIMESTAMPTZ(3),
    "process_id" INTEGER,

    CONSTRAINT "port_allocation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wharfinger"."allocation_event" (
    "number" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "cause" TEXT,
    "host_name" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "environment" TEXT NOT NULL,
    "allocation_id" UUID NOT NULL,
    "codebase_id" TEXT,
    "worktree_path" TEXT,
    "conversation_id" TEXT,
    "allocation" JSONB NOT NULL,

    CONSTRAINT "allocation_event_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "wharfinger"."event_counter" (
    "id" INTEGER NOT NULL,
    "last_number" BIGINT NOT NULL,

    CONSTRAINT "event_counter_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "codebase_repository_url_key" ON "wharfinger"."codebase"("repository_url");

-- CreateIndex
CREATE INDEX "worktree_codebase_id_idx" ON "wharfinger"."worktree"("codebase_id");

-- CreateIndex
CREATE UNIQUE INDEX "worktree_host_name_path_key" ON "wharfinger"."worktree"("host_name", "path");

-- CreateIndex
CREATE INDEX "port_allocation_service_idx" ON "wharfinger"."port_allocation"("host_name", "environment", "owner", "service_name", "released_at");

-- CreateIndex
CREATE INDEX "port_allocation_host_name_released_at_idx" ON "wharfinger"."port_allocation"("host_name", "released_at");

-- CreateIndex
CREATE INDEX "port_allocation_worktree_id_idx" ON "wharfinger"."port_allocation"("worktree_id");

-- CreateIndex
CREATE INDEX "port_allocation_codebase_id_idx" ON "wharfinger"."port_allocation"("codebase_id");

-- CreateIndex
CREATE INDEX "port_allocation_conversation_id_idx" ON "wharfinger"."port_allocation"("conversation_id");

-- CreateIndex
CREATE INDEX "port_allocation_allocated_at_idx" ON "wharfinger"."port_allocation"("allocated_at");

-- CreateIndex
CREATE INDEX "port_allocation_service_name_idx" ON "wharfinger"."port_allocation"("service_name");

-- CreateIndex
CREATE UNIQUE INDEX "port_allocation_live_port_key" ON "wharfinger"."port_allocation"("host_name", "port") WHERE (released_at IS NULL);

-- CreateIndex
CREATE INDEX "allocation_event_allocation_id_idx" ON "wharfinger"."allocation_event"("allocation_id");

-- AddForeignKey
ALTER TABLE "wharfinger"."worktree" ADD CONSTRAINT "worktree_host_name_fkey" FOREIGN KEY ("host_name") REFERENCES "wharfinger"."host"("name") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "wharfinger"."worktree" ADD CONSTRAINT "worktree_codebase_id_fkey" FOREIGN KEY ("codebase_id") REFERENCES "wharfinger"."codebase"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "wharfinger"."port_allocation" ADD CONSTRAINT "port_allocation_host_name_fkey" FOREIGN KEY ("host_name") REFERENCES "wharfinger"."host"("name") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "wharfinger"."port_allocation" ADD CONSTRAINT "port_allocation_codebase_id_fkey" FOREIGN KEY ("codebase_id") REFERENCES "wharfinger"."codebase"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "wharfinger"."port_allocation" ADD CONSTRAINT "port_allocation_worktree_id_fkey" FOREIGN KEY ("worktree_id") REFERENCES "wharfinger"."worktree"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- What Prisma's schema cannot say: the CHECKs.
ALTER TABLE "wharfinger"."host"
    ADD CONSTRAINT "host_name_check" CHECK (char_length("name") BETWEEN 1 AND 253);

ALTER TABLE "wharfinger"."codebase"
    ADD CONSTRAINT "codebase_name_check" CHECK (char_length("name") BETWEEN 1 AND 255),
    ADD CONSTRAINT "codebase_primary_port_check" CHECK ("primary_port" BETWEEN 1 AND 65535),
    ADD CONSTRAINT "codebase_service_ports_check" CHECK (
        jsonb_typeof("service_ports") = 'object'
        AND NOT jsonb_path_exists("service_ports", 'strict $.* ? (@.type() != "number" || @ < 1 || @ > 65535 || @ != @.floor())', '{}', true)
    );

ALTER TABLE "wharfinger"."worktree"
    ADD CONSTRAINT "worktree_path_check" CHECK (octet_length("path") BETWEEN 1 AND 1024);

ALTER TABLE "wharfinger"."port_allocation"
    ALTER COLUMN "public_hostnames" SET NOT NULL,
    ADD CONSTRAINT "port_allocation_port_check" CHECK ("port" BETWEEN 1 AND 65535),
    ADD CONSTRAINT "port_allocation_service_name_check" CHECK (char_length("service_name") BETWEEN 1 AND 255),
    ADD CONSTRAINT "port_allocation_environment_check" CHECK ("environment" IN ('dev', 'test', 'production')),
    ADD CONSTRAINT "port_allocation_status_check" CHECK ("status" IN ('allocated', 'active', 'released')),
    ADD CONSTRAINT "port_allocation_released_check" CHECK (("status" = 'released') = ("released_at" IS NOT NULL)),
    ADD CONSTRAINT "port_allocation_owner_check" CHECK (
        CASE
            WHEN "worktree_id" IS NOT NULL THEN "owner" LIKE 'worktree:%'
            WHEN "codebase_id" IS NOT NULL THEN "owner" = 'codebase:' || "codebase_id"
            WHEN "conversation_id" IS NOT NULL THEN "owner" = 'conversation:' || "conversation_id"
            ELSE "owner" = 'nobody'
        END
    );

ALTER TABLE "wharfinger"."allocation_event"
    ADD CONSTRAINT "allocation_event_number_check" CHECK ("number" > 0),
    ADD CONSTRAINT "allocation_event_port_check" CHECK ("port" BETWEEN 1 AND 65535),
    ADD CONSTRAINT "allocation_event_kind_check" CHECK ("kind" IN ('allocated', 'registered', 'activated', 'deactivated', 'transferred', 'released'));

ALTER TABLE "wharfinger"."event_counter"
    ADD CONSTRAINT "event_counter_single_row_check" CHECK ("id" = 1);

INSERT INTO "wharfinger"."event_counter" ("id", "last_number") VALUES (1, 0);
