import { z } from 'zod';

// The page's policy forbids code from text. zod would try once whether it is allowed, and the browser would report that.
z.config({ jitless: true });
