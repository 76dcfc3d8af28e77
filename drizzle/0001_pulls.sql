CREATE TABLE `pull_blobs` (
	`digest` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`writer` text,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `pull_parts` (
	`digest` text NOT NULL,
	`position` integer NOT NULL,
	`offset` integer NOT NULL,
	`length` integer NOT NULL,
	`done` integer NOT NULL,
	`sha256` text,
	PRIMARY KEY(`digest`, `position`),
	FOREIGN KEY (`digest`) REFERENCES `pull_blobs`(`digest`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `pulls` (
	`id` integer PRIMARY KEY NOT NULL,
	`host` text NOT NULL,
	`namespace` text NOT NULL,
	`model` text NOT NULL,
	`tag` text NOT NULL,
	`state` text NOT NULL,
	`writer` text NOT NULL,
	`manifest` blob,
	`error` text,
	`started_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `pulls_state` ON `pulls` (`state`);