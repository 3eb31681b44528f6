/** SCAR's tables as its migrations made them. */
export const scarTables = `
CREATE TABLE remote_agent_codebases (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  name VARCHAR(255) NOT NULL,
  repository_url VARCHAR(500),
  default_cwd VARCHAR(500) NOT NULL,
  ai_assistant_type VARCHAR(20) DEFAULT 'claude',
  commands JSONB DEFAULT '{}'::jsonb,
  created_at TIMESTAMP DEFAULT NOW()
);
CREATE TABLE remote_agent_conversations (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  platform_type VARCHAR(20) NOT NULL,
  platform_conversation_id VARCHAR(255) NOT NULL,
  codebase_id UUID REFERENCES remote_agent_codebases(id),
  cwd VARCHAR(500),
  worktree_path VARCHAR(500)
);
CREATE TABLE remote_agent_port_allocations (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  port INTEGER NOT NULL UNIQUE,
  service_name VARCHAR(255) NOT NULL,
  description TEXT,
  codebase_id UUID REFERENCES remote_agent_codebases(id) ON DELETE CASCADE,
  conversation_id UUID REFERENCES remote_agent_conversations(id) ON DELETE SET NULL,
  worktree_path VARCHAR(500),
  environment VARCHAR(20) NOT NULL CHECK (environment IN ('dev', 'production', 'test')),
  status VARCHAR(20) NOT NULL DEFAULT 'allocated'
    CHECK (status IN ('allocated', 'active', 'released')),
  allocated_at TIMESTAMP DEFAULT NOW(),
  released_at TIMESTAMP,
  last_checked TIMESTAMP,
  process_id INTEGER,
  CONSTRAINT valid_port_range CHECK (port >= 1024 AND port <= 65535)
);`;

export const shop = '11111111-1111-4111-8111-111111111111';
export const issue = '22222222-2222-4222-8222-222222222222';
export const uuid = (number: number) => `33333333-3333-4333-8333-${String(number).padStart(12, '0')}`;

/** Something of every environment, status and owner. */
export const scarRows = `
INSERT INTO remote_agent_codebases (id, name, repository_url, default_cwd, created_at)
  VALUES ('${shop}', 'shop', 'https://x/shop', '/src/shop', '2025-11-01 08:00:00'),
         ('${uuid(99)}', 'without ports', NULL, '/src/other', NOW());
INSERT INTO remote_agent_conversations (id, platform_type, platform_conversation_id) VALUES ('${issue}', 'github', 'x/shop#12');
INSERT INTO remote_agent_port_allocations
  (id, port, service_name, description, codebase_id, conversation_id, worktree_path, environment, status, allocated_at, process_id)
VALUES
  ('${uuid(1)}', 9001, 'shop-main', 'the "main" app', '${shop}', NULL, NULL, 'production', 'active', '2025-12-01 08:00:00', 4711),
  ('${uuid(2)}', 8001, 'shop-issue-12', NULL, '${shop}', '${issue}', '/src/wt/shop/issue-12', 'dev', 'allocated', '2025-12-02 08:00:00', NULL),
  ('${uuid(3)}', 7001, 'shop-tests', NULL, NULL, '${issue}', NULL, 'test', 'allocated', '2025-12-03 08:00:00', NULL),
  ('${uuid(4)}', 8002, 'gone', NULL, NULL, NULL, '/src/wt/shop/gone', 'dev', 'released', '2025-12-03 08:00:00', NULL),
  ('${uuid(5)}', 9002, 'in the range of another', NULL, NULL, NULL, '/src/wt/shop/issue-12', 'dev', 'allocated', '2025-12-04 08:00:00', NULL);`;
