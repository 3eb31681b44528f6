-- AlterTable
ALTER TABLE "wharfinger"."host" ADD COLUMN "observed_time" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "wharfinger"."port_allocation" ADD COLUMN "idle_since" TIMESTAMPTZ(3);

-- Observed time goes on from the last scan. No claim is idle yet: the next scan begins to count.
UPDATE "wharfinger"."host" SET "observed_time" = coalesce("scanned_at", "last_seen_at");
UPDATE "wharfinger"."port_allocation" SET "misses" = 0 WHERE "released_at" IS NULL AND "misses" > 0;
