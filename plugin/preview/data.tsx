import type {
  AccordionProps,
  DescriptionListItemProps,
  DescriptionListProps,
  ScoreProps,
  StatisticsItemProps,
  StatisticsProps,
  StatusTagProps,
  TagProps,
} from '@hubspot/ui-extensions';

const RADIUS = 26;
const AROUND = 2 * Math.PI * RADIUS;

export function DescriptionList({ direction = 'column', children }: DescriptionListProps) {
  return (
    <dl className="hs-facts" data-direction={direction}>
      {children}
    </dl>
  );
}

export function DescriptionListItem({ label, children }: DescriptionListItemProps) {
  return (
    <div className="hs-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Statistics({ children }: StatisticsProps) {
  return <dl className="hs-statistics">{children}</dl>;
}

export function StatisticsItem({ label, number, children }: StatisticsItemProps) {
  return (
    <div className="hs-statistic">
      <dt>{label}</dt>
      <dd>
        <span className="hs-number">{number}</span>
        {children}
      </dd>
    </div>
  );
}

export function StatusTag({ variant = 'default', hollow, children }: StatusTagProps) {
  return (
    <span className="hs-status" data-tone={variant} data-hollow={hollow === true ? 'yes' : undefined}>
      {children}
    </span>
  );
}

export function Tag({ variant = 'default', children }: TagProps) {
  return (
    <span className="hs-tag" data-tone={variant}>
      {children}
    </span>
  );
}

// The limits at which HubSpot colours the circle, as its documentation of the component gives them; they are not those of our bands, whose
// word stands beside it. Decimals are cut off there.
function toneOf(score: number): string {
  if (score >= 66) return 'success';
  return score >= 33 ? 'warning' : 'danger';
}

export function ScoreCircle({ score }: ScoreProps) {
  const shown = Math.floor(Math.min(100, Math.max(0, score)));
  return (
    <svg
      className="hs-score"
      data-tone={toneOf(shown)}
      viewBox="0 0 64 64"
      width="64"
      height="64"
      role="img"
      aria-label={`${shown} / 100`}
    >
      <circle className="hs-score-ground" cx="32" cy="32" r={RADIUS} />
      <circle
        className="hs-score-arc"
        cx="32"
        cy="32"
        r={RADIUS}
        strokeDasharray={`${((AROUND * shown) / 100).toFixed(2)} ${AROUND.toFixed(2)}`}
        transform="rotate(-90 32 32)"
      />
      <text x="32" y="32" textAnchor="middle" dominantBaseline="central">
        {shown}
      </text>
    </svg>
  );
}

export function Accordion({ title, defaultOpen = false, children }: AccordionProps) {
  return (
    <details className="hs-accordion" open={defaultOpen}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
