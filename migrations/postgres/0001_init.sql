CREATE TABLE "targets" (
  "id" text NOT NULL,
  "kind" text NOT NULL,
  "name" text NOT NULL,
  "service" text,
  "environment" text NOT NULL,
  "labels" text NOT NULL,
  "spec" text NOT NULL,
  "added_at" bigint NOT NULL,
  "removed_at" bigint,
  PRIMARY KEY ("id")
);

CREATE TABLE "audits" (
  "id" text NOT NULL,
  "target_id" text NOT NULL,
  "run" bigint NOT NULL,
  "trigger" text NOT NULL,
  "status" text NOT NULL,
  "error" text,
  "started_at" bigint NOT NULL,
  "finished_at" bigint NOT NULL,
  "score" bigint,
  "grade" text,
  "coverage" double precision NOT NULL,
  "capped_by" text,
  "categories" text NOT NULL,
  "counts" text NOT NULL,
  "algorithm" bigint NOT NULL,
  "tool_version" text NOT NULL,
  "connections" bigint,
  "facts_hash" text,
  "facts" text,
  PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "audits_target_id_run_unique" ON "audits" ("target_id", "run");
CREATE INDEX "audits_finished_at_id" ON "audits" ("finished_at", "id");
CREATE INDEX "audits_target_id_finished_at_id" ON "audits" ("target_id", "finished_at", "id");

CREATE TABLE "target_heads" (
  "target_id" text NOT NULL,
  "run" bigint NOT NULL,
  "last_audit_id" text,
  "last_audit_at" bigint,
  "last_done_id" text,
  "last_done_at" bigint,
  PRIMARY KEY ("target_id")
);

CREATE TABLE "facts" (
  "hash" text NOT NULL,
  "encoding" text NOT NULL,
  "size" bigint NOT NULL,
  "body" bytea NOT NULL,
  "created_at" bigint NOT NULL,
  PRIMARY KEY ("hash")
);
CREATE INDEX "facts_created_at" ON "facts" ("created_at");

CREATE TABLE "findings" (
  "target_id" text NOT NULL,
  "fingerprint" text NOT NULL,
  "check_id" text NOT NULL,
  "status" text NOT NULL,
  "severity" text NOT NULL,
  "failing" boolean NOT NULL,
  "payload" text NOT NULL,
  "first_seen_at" bigint NOT NULL,
  "changed_at" bigint NOT NULL,
  "last_seen_at" bigint,
  PRIMARY KEY ("target_id", "fingerprint")
);
CREATE INDEX "findings_failing_severity" ON "findings" ("failing", "severity");

CREATE TABLE "finding_changes" (
  "target_id" text NOT NULL,
  "fingerprint" text NOT NULL,
  "run" bigint NOT NULL,
  "audit_id" text NOT NULL,
  "at" bigint NOT NULL,
  "from_status" text,
  "to_status" text NOT NULL,
  "from_severity" text,
  "to_severity" text NOT NULL,
  "failing" boolean NOT NULL,
  "payload" text,
  PRIMARY KEY ("target_id", "fingerprint", "run")
);
CREATE INDEX "finding_changes_at" ON "finding_changes" ("at");
CREATE INDEX "finding_changes_audit_id" ON "finding_changes" ("audit_id");

CREATE TABLE "baselines" (
  "name" text NOT NULL,
  "audit_id" text,
  "created_at" bigint NOT NULL,
  "created_by" text,
  "report" text NOT NULL,
  PRIMARY KEY ("name")
);

CREATE TABLE "monitor_states" (
  "monitor_id" text NOT NULL,
  "state" text NOT NULL,
  "since" bigint NOT NULL,
  "body" text NOT NULL,
  "updated_at" bigint NOT NULL,
  PRIMARY KEY ("monitor_id")
);

CREATE TABLE "monitor_changes" (
  "monitor_id" text NOT NULL,
  "at" bigint NOT NULL,
  "from_state" text NOT NULL,
  "to_state" text NOT NULL,
  "reason" text,
  PRIMARY KEY ("monitor_id", "at")
);

CREATE TABLE "beats" (
  "monitor_id" text NOT NULL,
  "scheduled_at" bigint NOT NULL,
  "started_at" bigint NOT NULL,
  "finished_at" bigint NOT NULL,
  "state" text NOT NULL,
  "latency_ms" double precision,
  "code" bigint,
  "reason" text,
  "resolve_ms" double precision,
  "connect_ms" double precision,
  "tls_ms" double precision,
  "first_byte_ms" double precision,
  "transfer_ms" double precision,
  PRIMARY KEY ("monitor_id", "scheduled_at")
);

CREATE TABLE "rollups" (
  "monitor_id" text NOT NULL,
  "width_ms" bigint NOT NULL,
  "from" bigint NOT NULL,
  "up" bigint NOT NULL,
  "down" bigint NOT NULL,
  "unknown" bigint NOT NULL,
  "latency_count" bigint NOT NULL,
  "latency_sum" double precision NOT NULL,
  "latency_min" double precision,
  "latency_max" double precision,
  PRIMARY KEY ("monitor_id", "width_ms", "from")
);

CREATE TABLE "pings" (
  "id" text NOT NULL,
  "monitor_id" text NOT NULL,
  "at" bigint NOT NULL,
  "kind" text NOT NULL,
  "exit_code" bigint,
  "duration_ms" bigint,
  "body" text,
  "remote" text,
  PRIMARY KEY ("id")
);
CREATE INDEX "pings_monitor_id_at" ON "pings" ("monitor_id", "at");

CREATE TABLE "incidents" (
  "id" text NOT NULL,
  "key" text NOT NULL,
  "open_key" text,
  "state" text NOT NULL,
  "severity" text NOT NULL,
  "title" text NOT NULL,
  "service" text,
  "target" text,
  "labels" text NOT NULL,
  "source" text NOT NULL,
  "causes" text NOT NULL,
  "opened_at" bigint NOT NULL,
  "updated_at" bigint NOT NULL,
  "acknowledged_at" bigint,
  "resolved_at" bigint,
  PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "incidents_open_key_unique" ON "incidents" ("open_key");
CREATE INDEX "incidents_key_opened_at" ON "incidents" ("key", "opened_at");
CREATE INDEX "incidents_opened_at_id" ON "incidents" ("opened_at", "id");
CREATE INDEX "incidents_state_opened_at_id" ON "incidents" ("state", "opened_at", "id");

CREATE TABLE "incident_events" (
  "incident_id" text NOT NULL,
  "seq" bigint NOT NULL,
  "at" bigint NOT NULL,
  "type" text NOT NULL,
  "text" text NOT NULL,
  "actor" text,
  PRIMARY KEY ("incident_id", "seq"),
  FOREIGN KEY ("incident_id") REFERENCES "incidents" ("id") ON DELETE CASCADE
);
CREATE INDEX "incident_events_at" ON "incident_events" ("at");

CREATE TABLE "outbox" (
  "id" text NOT NULL,
  "channel" text NOT NULL,
  "thread" text NOT NULL,
  "seq" bigint NOT NULL,
  "type" text NOT NULL,
  "notification" text NOT NULL,
  "state" text NOT NULL,
  "attempts" bigint NOT NULL,
  "created_at" bigint NOT NULL,
  "due_at" bigint NOT NULL,
  "lease_owner" text,
  "lease_until" bigint,
  "settled_at" bigint,
  "last_error" text,
  PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "outbox_channel_thread_seq_unique" ON "outbox" ("channel", "thread", "seq");
CREATE INDEX "outbox_state_due_at" ON "outbox" ("state", "due_at");
CREATE INDEX "outbox_created_at_id" ON "outbox" ("created_at", "id");

CREATE TABLE "outbox_incidents" (
  "outbox_id" text NOT NULL,
  "incident_id" text NOT NULL,
  PRIMARY KEY ("outbox_id", "incident_id"),
  FOREIGN KEY ("outbox_id") REFERENCES "outbox" ("id") ON DELETE CASCADE,
  FOREIGN KEY ("incident_id") REFERENCES "incidents" ("id") ON DELETE CASCADE
);
CREATE INDEX "outbox_incidents_incident_id" ON "outbox_incidents" ("incident_id");

CREATE TABLE "silences" (
  "id" text NOT NULL,
  "matchers" text NOT NULL,
  "starts_at" bigint NOT NULL,
  "ends_at" bigint NOT NULL,
  "comment" text NOT NULL,
  "created_by" text NOT NULL,
  "created_at" bigint NOT NULL,
  PRIMARY KEY ("id")
);
CREATE INDEX "silences_ends_at" ON "silences" ("ends_at");

CREATE TABLE "maintenance" (
  "id" text NOT NULL,
  "matchers" text NOT NULL,
  "starts_at" bigint NOT NULL,
  "ends_at" bigint NOT NULL,
  "title" text NOT NULL,
  "created_by" text NOT NULL,
  "created_at" bigint NOT NULL,
  PRIMARY KEY ("id")
);
CREATE INDEX "maintenance_ends_at" ON "maintenance" ("ends_at");

CREATE TABLE "on_call_overrides" (
  "id" text NOT NULL,
  "schedule" text NOT NULL,
  "person" text NOT NULL,
  "starts_at" bigint NOT NULL,
  "ends_at" bigint NOT NULL,
  "created_by" text NOT NULL,
  "created_at" bigint NOT NULL,
  PRIMARY KEY ("id")
);
CREATE INDEX "on_call_overrides_ends_at" ON "on_call_overrides" ("ends_at");

CREATE TABLE "waivers" (
  "id" text NOT NULL,
  "check_id" text NOT NULL,
  "target_id" text,
  "subject" text,
  "until" text NOT NULL,
  "reason" text NOT NULL,
  "owner" text NOT NULL,
  "created_at" bigint NOT NULL,
  "created_by" text NOT NULL,
  "revoked_at" bigint,
  PRIMARY KEY ("id")
);

CREATE TABLE "attestations" (
  "id" text NOT NULL,
  "item" text NOT NULL,
  "service" text NOT NULL,
  "statement" text NOT NULL,
  "evidence" text,
  "owner" text NOT NULL,
  "created_at" bigint NOT NULL,
  "created_by" text NOT NULL,
  "valid_until" bigint NOT NULL,
  "revoked_at" bigint,
  PRIMARY KEY ("id")
);
CREATE INDEX "attestations_service_item" ON "attestations" ("service", "item");

CREATE TABLE "deployments" (
  "id" text NOT NULL,
  "service" text NOT NULL,
  "environment" text NOT NULL,
  "version" text NOT NULL,
  "commit" text,
  "at" bigint NOT NULL,
  "actor" text,
  "url" text,
  PRIMARY KEY ("id")
);
CREATE INDEX "deployments_service_environment_at" ON "deployments" ("service", "environment", "at");
CREATE INDEX "deployments_at_id" ON "deployments" ("at", "id");

CREATE TABLE "tokens" (
  "id" text NOT NULL,
  "hash" text NOT NULL,
  "role" text NOT NULL,
  "name" text NOT NULL,
  "created_at" bigint NOT NULL,
  "last_used_at" bigint,
  "revoked_at" bigint,
  PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "tokens_hash_unique" ON "tokens" ("hash");

CREATE TABLE "sessions" (
  "hash" text NOT NULL,
  "role" text NOT NULL,
  "subject" text NOT NULL,
  "token_id" text,
  "created_at" bigint NOT NULL,
  "expires_at" bigint NOT NULL,
  PRIMARY KEY ("hash")
);
CREATE INDEX "sessions_expires_at" ON "sessions" ("expires_at");

CREATE TABLE "journal" (
  "id" text NOT NULL,
  "at" bigint NOT NULL,
  "actor" text NOT NULL,
  "action" text NOT NULL,
  "subject" text NOT NULL,
  "details" text,
  PRIMARY KEY ("id")
);
CREATE INDEX "journal_at_id" ON "journal" ("at", "id");

CREATE TABLE "meta" (
  "key" text NOT NULL,
  "value" text NOT NULL,
  PRIMARY KEY ("key")
);
