-- AlterTable
ALTER TABLE "wharfinger"."host" ADD COLUMN "history_time" TIMESTAMPTZ(3);

-- Until now observed time was what history went by.
UPDATE "wharfinger"."host" SET "history_time" = "observed_time";
