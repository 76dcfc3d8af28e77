CREATE TABLE `blobs` (
	`digest` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`verified_at` integer,
	`mtime` integer NOT NULL,
	`missing` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `blobs_missing` ON `blobs` (`digest`) WHERE "blobs"."missing" = 1;--> statement-breakpoint
CREATE TABLE `gguf` (
	`digest` text PRIMARY KEY NOT NULL,
	`architecture` text NOT NULL,
	`parameter_count` integer NOT NULL,
	`file_type` integer,
	`context_length` integer,
	`embedding_length` integer,
	`pooling_type` integer,
	`has_vision` integer NOT NULL,
	`has_audio` integer NOT NULL,
	`chat_template` text,
	`metadata` text NOT NULL,
	`tensors` text NOT NULL,
	FOREIGN KEY (`digest`) REFERENCES `blobs`(`digest`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `layers` (
	`manifest_digest` text NOT NULL,
	`position` integer NOT NULL,
	`media_type` text NOT NULL,
	`digest` text NOT NULL,
	`size` integer NOT NULL,
	`from` text,
	PRIMARY KEY(`manifest_digest`, `position`),
	FOREIGN KEY (`manifest_digest`) REFERENCES `manifests`(`digest`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`digest`) REFERENCES `blobs`(`digest`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `layers_digest` ON `layers` (`digest`);--> statement-breakpoint
CREATE TABLE `manifests` (
	`digest` text PRIMARY KEY NOT NULL,
	`json` blob NOT NULL,
	`total_size` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `models` (
	`id` integer PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`namespace` text NOT NULL,
	`model` text NOT NULL,
	`tag` text NOT NULL,
	`manifest_digest` text NOT NULL,
	`modified_at` integer NOT NULL,
	FOREIGN KEY (`manifest_digest`) REFERENCES `manifests`(`digest`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `models_name` ON `models` (lower("model"),lower("tag"),lower("namespace"),lower("host"));--> statement-breakpoint
CREATE INDEX `models_manifest` ON `models` (`manifest_digest`);--> statement-breakpoint
CREATE TABLE `texts` (
	`digest` text PRIMARY KEY NOT NULL,
	`content` text NOT NULL,
	FOREIGN KEY (`digest`) REFERENCES `blobs`(`digest`) ON UPDATE no action ON DELETE cascade
);
