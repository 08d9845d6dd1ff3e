;; Imports an interface of its own invention.
(component
  (import "evil:machine/memory@1.0.0" (instance (export "peek" (func (param "at" u64) (result u8)))))
  (instance $scorer)
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
