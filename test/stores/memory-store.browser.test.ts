import { MemoryStore } from '../../src/stores/memory-store.js';
import { describeStore } from '../support/store-contract.js';

describeStore('MemoryStore', { create: (wallNow) => new MemoryStore({ wallNow }) });
