/** The gallery: the results of all runs, the newest first. */

import { Images, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useText } from "@/i18n/language";
import { agoText } from "@/i18n/measure-texts";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { SearchField } from "@/ui/search-field";
import { Spinner } from "@/ui/spinner";
import styles from "./gallery-panel.module.css";
import { loadMoreResults, searchResults, useResults, watchResults } from "./results";
import { Thumbnail } from "./thumbnail";
import { openViewer, type ViewedItem } from "./viewer-state";

/** Milliseconds without a key after which a search begins. */
const PAUSE = 250;

/** The whole panel. */
export default function GalleryPanel() {
  const { items, loading, query, error, next } = useResults();
  useEffect(watchResults, []);
  const empty = items.length === 0 && !loading;
  return (
    <div className={styles.panel}>
      <ResultSearch />
      {error && <p className={styles.error}>{error}</p>}
      {empty && !error && <Empty searched={query !== ""} />}
      <ul className={styles.grid}>
        {items.map((item, index) => (
          <Tile key={`${item.job} ${item.node} ${item.url || item.text}`} item={item} index={index} />
        ))}
      </ul>
      {next !== null && !empty && <More loading={loading} />}
    </div>
  );
}

function ResultSearch() {
  const say = useText();
  const [query, setQuery] = useState(useResults.getState().query);
  useEffect(() => {
    if (query === useResults.getState().query) return;
    const timer = setTimeout(() => searchResults(query), PAUSE);
    return () => clearTimeout(timer);
  }, [query]);
  return <SearchField label={say("run.gallerySearch")} value={query} onChange={setQuery} />;
}

function Empty({ searched }: { readonly searched: boolean }) {
  const say = useText();
  return searched ? (
    <EmptyState icon={Search} title={say("run.galleryNone")} text={say("run.galleryNoneText")} />
  ) : (
    <EmptyState icon={Images} title={say("run.galleryEmpty")} text={say("run.galleryEmptyText")} />
  );
}

function Tile({ item, index }: { readonly item: ViewedItem; readonly index: number }) {
  const say = useText();
  const title = item.title ?? item.filename;
  const when = item.ended === undefined ? "" : agoText(item.ended);
  return (
    <li>
      <button
        type="button"
        className={styles.tile}
        aria-label={`${say("run.lookAt", { title: title || (item.text?.slice(0, 40) ?? "") })}, ${when}`}
        onClick={() => openViewer(useResults.getState().items, index)}
      >
        <Thumbnail item={item} />
        <span className={styles.caption} aria-hidden>
          <span>{title}</span>
          <span>{when}</span>
        </span>
      </button>
    </li>
  );
}

/** Asks for the next part when it comes into view. */
function More({ loading }: { readonly loading: boolean }) {
  const say = useText();
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) void loadMoreResults();
    });
    if (end.current) seen.observe(end.current);
    return () => seen.disconnect();
  }, []);
  return (
    <div ref={end} className={styles.more}>
      {loading ? (
        <Spinner label={say("common.loading")} />
      ) : (
        <Button kind="quiet" size="small" onClick={() => void loadMoreResults()}>
          {say("run.showMore")}
        </Button>
      )}
    </div>
  );
}
