/** Drawn on 24 × 24, as strokes. */
const PATHS = {
  add: "M12 5v14M5 12h14",
  attach:
    "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  auto: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  edit: "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
  key: "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l8-8M16 7l3 3",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5",
  list: "M4 6h16M4 12h16M4 18h10",
  regenerate: "M20 5v5h-5M4 19v-5h5M19 10a7.5 7.5 0 0 0-13-3M5 14a7.5 7.5 0 0 0 13 3",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  send: "M12 19V5M6 11l6-6 6 6",
  settings: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
  stop: "M7 7h10v10H7z",
} as const;

export type IconName = keyof typeof PATHS;

/** A small drawing, which says nothing by itself: the button that it is on has a name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

interface IconButtonProps {
  icon: IconName;
  /** The button's action in words, for screen readers and as its tooltip. */
  name: string;
  class?: string;
  disabled?: boolean;
  expanded?: boolean;
  submits?: boolean;
  onClick?(): void;
}

/** A button with a drawing instead of a word. */
export function IconButton({ icon, name, submits = false, expanded, onClick, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={submits ? "submit" : "button"}
      class={`bare ${rest.class ?? ""}`}
      title={name}
      aria-label={name}
      {...(expanded !== undefined && { "aria-expanded": expanded })}
      {...(onClick && { onClick: () => onClick() })}
    >
      <Icon name={icon} />
    </button>
  );
}
