CREATE TABLE `uploads` (
	`registry` text NOT NULL,
	`repository` text NOT NULL,
	`digest` text NOT NULL,
	`url` text NOT NULL,
	`sent` integer NOT NULL,
	`part_bytes` integer NOT NULL,
	`has_etag` integer NOT NULL,
	`writer` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`registry`, `repository`, `digest`)
);
