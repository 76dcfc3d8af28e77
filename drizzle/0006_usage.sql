CREATE TABLE `usage` (
	`hour` integer NOT NULL,
	`model` text NOT NULL,
	`dialect` text NOT NULL,
	`kind` text NOT NULL,
	`key_id` text NOT NULL,
	`requests` integer NOT NULL,
	`errors` integer NOT NULL,
	`prompt_tokens` integer NOT NULL,
	`cached_tokens` integer NOT NULL,
	`generated_tokens` integer NOT NULL,
	`first_texts` integer NOT NULL,
	`first_text_ms` integer NOT NULL,
	`first_text_max_ms` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	PRIMARY KEY(`hour`, `model`, `dialect`, `kind`, `key_id`)
);
