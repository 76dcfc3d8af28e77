CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer,
	`concurrency` integer,
	`tokens_per_minute` integer,
	`tokens_per_day` integer
);
--> statement-breakpoint
CREATE TABLE `key_counts` (
	`window` text PRIMARY KEY NOT NULL,
	`tokens` integer NOT NULL,
	`ends_at` integer NOT NULL
);
