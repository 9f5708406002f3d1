import { Link } from '@tanstack/react-router';
import { PageTitle } from './page-title.tsx';

export function NotFound() {
  return (
    <div className="page page-narrow">
      <PageTitle>This page does not exist</PageTitle>
      <p>The address may be mistyped, or from another version of the console.</p>
      <p>
        <Link to="/">Go to the programs</Link>
      </p>
    </div>
  );
}
