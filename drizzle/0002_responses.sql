CREATE TABLE `response_items` (
	`response_id` text NOT NULL,
	`position` integer NOT NULL,
	`is_output` integer NOT NULL,
	`id` text NOT NULL,
	`content` text NOT NULL,
	PRIMARY KEY(`response_id`, `position`),
	FOREIGN KEY (`response_id`) REFERENCES `responses`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `response_items_id` ON `response_items` (`id`);--> statement-breakpoint
CREATE TABLE `responses` (
	`id` text PRIMARY KEY NOT NULL,
	`previous_id` text,
	`used_at` integer NOT NULL,
	`bytes` integer NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `responses_used` ON `responses` (`used_at`,`bytes`);