;; Imports `restem:reward/host` with a `log` that takes a number.
(component
  (import "restem:reward/host@0.1.0" (instance (export "log" (func (param "level" u64)))))
  (instance $scorer)
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
