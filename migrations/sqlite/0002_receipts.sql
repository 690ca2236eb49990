CREATE TABLE "receipts" (
  "channel" text NOT NULL,
  "incident_id" text NOT NULL,
  "receipt" text NOT NULL,
  "at" integer NOT NULL,
  PRIMARY KEY ("channel", "incident_id"),
  FOREIGN KEY ("incident_id") REFERENCES "incidents" ("id") ON DELETE CASCADE
) STRICT;
CREATE INDEX "receipts_incident_id" ON "receipts" ("incident_id");
