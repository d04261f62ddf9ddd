/** The custom states of the element, for `:state()`. Pure. */

import type { AggregateProgress } from '../../engine/upload/snapshot.js';
import type { Counts } from '../status/counts.js';

export interface HostFacts {
  readonly counts: Counts;
  readonly progress: AggregateProgress;
  readonly isDragging: boolean;
  readonly isDisabled: boolean;
}

export const hostStates = ({
  counts,
  progress,
  isDragging,
  isDisabled,
}: HostFacts): Readonly<Record<string, boolean>> => ({
  empty: progress.total === 0,
  dragging: isDragging,
  uploading: counts.active > 0,
  complete: progress.done > 0 && progress.pending + progress.failed === 0,
  error: progress.failed > 0,
  disabled: isDisabled,
});
