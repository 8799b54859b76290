/** The mark of the editor: threads that cross over and under. */

/** Decoration of `size` px; it takes the colours of the theme. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" strokeLinecap="round" aria-hidden>
      <g transform="rotate(45 12 12)" strokeWidth="2.8">
        <path stroke="var(--accent)" d="M8 4.2v2M8 11.8v8M16 4.2v8M16 17.8v2" />
        <path stroke="var(--text)" d="M4.2 8h8M17.8 8h2M4.2 16h2M11.8 16h8" />
      </g>
    </svg>
  );
}
