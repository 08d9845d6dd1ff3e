;; Exports the scorer of an API that does not exist yet.
(component
  (instance $scorer)
  (export "restem:reward/scorer@0.2.0" (instance $scorer)))
