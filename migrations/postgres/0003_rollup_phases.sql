ALTER TABLE "rollups" ADD COLUMN "resolve_sum" double precision;
ALTER TABLE "rollups" ADD COLUMN "connect_sum" double precision;
ALTER TABLE "rollups" ADD COLUMN "tls_sum" double precision;
ALTER TABLE "rollups" ADD COLUMN "first_byte_sum" double precision;
ALTER TABLE "rollups" ADD COLUMN "transfer_sum" double precision;
