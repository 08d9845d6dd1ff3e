# expect: exception ExceptionGroup 1
raise ExceptionGroup("several", [ValueError(1), TypeError(2)])
