ALTER TABLE "rollups" ADD COLUMN "resolve_sum" real;
ALTER TABLE "rollups" ADD COLUMN "connect_sum" real;
ALTER TABLE "rollups" ADD COLUMN "tls_sum" real;
ALTER TABLE "rollups" ADD COLUMN "first_byte_sum" real;
ALTER TABLE "rollups" ADD COLUMN "transfer_sum" real;
