import type {
  AlertProps,
  EmptyStateProps,
  ErrorStateProps,
  LoadingSpinnerProps,
} from '@hubspot/ui-extensions';

export function Alert({ title, variant = 'info', children }: AlertProps) {
  return (
    <div className="hs-alert" role="note" data-tone={variant}>
      <strong>{title}</strong>
      <div>{children}</div>
    </div>
  );
}

export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div className="hs-state">
      <svg className="hs-picture" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
        <rect x="6" y="12" width="36" height="26" rx="4" />
        <path d="M6 22h36M16 30h16" />
      </svg>
      {title !== undefined && <h3 className="hs-heading">{title}</h3>}
      {children}
    </div>
  );
}

export function ErrorState({ title, children }: ErrorStateProps) {
  return (
    <div className="hs-state" role="alert">
      <svg
        className="hs-picture"
        data-tone="danger"
        viewBox="0 0 48 48"
        width="48"
        height="48"
        aria-hidden="true"
      >
        <circle cx="24" cy="24" r="18" />
        <path d="M24 14v12M24 33v.5" />
      </svg>
      {title !== undefined && <h3 className="hs-heading">{title}</h3>}
      {children}
    </div>
  );
}

export function LoadingSpinner({ label, showLabel, layout = 'inline' }: LoadingSpinnerProps) {
  return (
    <div className="hs-loading" role="status" data-layout={layout}>
      <span className="hs-spin" aria-hidden="true" />
      <span className={showLabel === true ? undefined : 'unseen'}>{label}</span>
    </div>
  );
}
