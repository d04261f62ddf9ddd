/** The element's custom states, for `:state()`. Pure. */

import type { AggregateProgress } from '../../engine/upload/snapshot.js';
import type { Census } from '../status/summary.js';

export interface HostFacts {
  readonly census: Census;
  readonly progress: AggregateProgress;
  readonly isDragging: boolean;
  readonly isDisabled: boolean;
}

export const hostStates = ({
  census,
  progress,
  isDragging,
  isDisabled,
}: HostFacts): Readonly<Record<string, boolean>> => ({
  empty: progress.total === 0,
  dragging: isDragging,
  uploading: census.active > 0,
  complete: progress.done > 0 && progress.pending + progress.failed === 0,
  error: progress.failed > 0,
  disabled: isDisabled,
});
