using System.Text;

namespace Pm.Linux;

/// <summary>How a child ended, and what it wrote.</summary>
public sealed class ChildResult
{
    /// <summary>0 to 255; null when a signal ended it.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>The number of the signal that ended it, or null.</summary>
    public int? Signal { get; internal init; }

    /// <summary>Whether it was ended because its time was over.</summary>
    public bool HasTimedOut { get; internal init; }

    /// <summary>The start of its standard output, up to the limit.</summary>
    public ReadOnlyMemory<byte> Output { get; internal init; }

    /// <summary>The start of its standard error, up to the limit.</summary>
    public ReadOnlyMemory<byte> Error { get; internal init; }

    /// <summary>Whether it wrote more to standard output than was kept.</summary>
    public bool IsOutputCut { get; internal init; }

    /// <summary>Whether it wrote more to standard error than was kept.</summary>
    public bool IsErrorCut { get; internal init; }

    public bool IsSuccess => ExitCode == 0 && !HasTimedOut;

    /// <summary>As a shell would tell it: the exit code, or 128 plus the signal.</summary>
    public int ShellCode => ExitCode ?? (128 + Signal.GetValueOrDefault());

    public string OutputText => Encoding.UTF8.GetString(Output.Span);

    public string ErrorText => Encoding.UTF8.GetString(Error.Span);

    /// <summary>For messages: <c>exit code 2</c>, <c>signal 9</c>, <c>no end in time</c>.</summary>
    public override string ToString() =>
        HasTimedOut ? "no end in time" : ExitCode is { } code ? $"exit code {code}" : $"signal {Signal}";
}
