;; Exports a scorer without functions.
(component
  (instance $scorer)
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
