-- CreateIndex
CREATE INDEX "allocation_event_worktree_path_number_idx" ON "wharfinger"."allocation_event"("worktree_path", "number") WHERE (worktree_path IS NOT NULL);
