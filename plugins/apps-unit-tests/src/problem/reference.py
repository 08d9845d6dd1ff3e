def _restem_check(candidate, name, solution, arguments, tolerance):
    """What EvalPlus asks for: what the reference solution returns for the same arguments."""
    import copy, numpy

    reference = {"__name__": "reference"}
    exec(solution, reference)
    expected = reference[name](*copy.deepcopy(arguments))
    got = candidate(*copy.deepcopy(arguments))
    if name == "find_zero":
        # Any zero is right.
        value = reference["poly"](*arguments, got)
        assert abs(value) <= tolerance, f"should be a zero and is {repr(got):.100}, where the polynomial is {repr(value):.100}"
        return
    many = isinstance(expected, (list, tuple))
    if not tolerance and (all(isinstance(item, float) for item in expected) and expected if many else isinstance(expected, float)):
        tolerance = 1e-6
    right = got == expected
    if not right and tolerance and type(got) is type(expected) and not (many and len(got) != len(expected)):
        right = numpy.allclose(got, expected, rtol=1e-07, atol=tolerance)
    assert right, f"should be {repr(expected):.100} and is {repr(got):.100}"
