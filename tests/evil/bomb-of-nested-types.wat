;; Tuples of twelve tuples of twelve tuples: five billion fields.
(component
  (type $t0 (tuple u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8 u8))
  (type $t1 (tuple $t0 $t0 $t0 $t0 $t0 $t0 $t0 $t0 $t0 $t0 $t0 $t0))
  (type $t2 (tuple $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1 $t1))
  (type $t3 (tuple $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2 $t2))
  (type $t4 (tuple $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3 $t3))
  (type $t5 (tuple $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4 $t4))
  (type $t6 (tuple $t5 $t5 $t5 $t5 $t5 $t5 $t5 $t5 $t5 $t5 $t5 $t5))
  (type $t7 (tuple $t6 $t6 $t6 $t6 $t6 $t6 $t6 $t6 $t6 $t6 $t6 $t6))
  (type $t8 (tuple $t7 $t7 $t7 $t7 $t7 $t7 $t7 $t7 $t7 $t7 $t7 $t7))
  (type $t9 (tuple $t8 $t8 $t8 $t8 $t8 $t8 $t8 $t8 $t8 $t8 $t8 $t8))
  (instance $scorer)
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
