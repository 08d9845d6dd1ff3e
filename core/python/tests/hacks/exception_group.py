# expect: exception ExceptionGroup 2
raise ExceptionGroup("several", [ValueError(1), TypeError(2)])
