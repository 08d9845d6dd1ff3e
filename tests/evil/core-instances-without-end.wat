;; A component of a hundred core instances.
(component
  (core module $m (memory 1))
  (core instance (instantiate $m)) ;;* 100
  (instance $scorer)
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
