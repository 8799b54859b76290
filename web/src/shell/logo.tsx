/** The mark of the editor: threads that cross over and under. */

/** Decoration of `size` px; it takes the colours of the theme. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" strokeLinecap="round" aria-hidden>
      <g stroke="var(--accent)" strokeWidth="2.6">
        <path d="M8 3v3.6M8 11.4V21" />
        <path d="M16 3v9.6M16 17.4V21" />
      </g>
      <g stroke="var(--text)" strokeWidth="2.6">
        <path d="M3 9h9.6M17.4 9H21" />
        <path d="M3 15h3.6M11.4 15H21" />
      </g>
    </svg>
  );
}
