namespace Pm.Ebpf.Parameters;

/// <summary>A flag of an object is not there, or its value will not do.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class ParameterException(string code, string message, string hint) : Exception(message)
#pragma warning restore CA1032
{
    public string Code { get; } = code;

    public string Hint { get; } = hint;
}
