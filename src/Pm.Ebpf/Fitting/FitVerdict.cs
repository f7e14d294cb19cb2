namespace Pm.Ebpf.Fitting;

/// <summary>Whether a kernel runs something; a later one outweighs those before it.</summary>
public enum FitVerdict
{
    /// <summary>It does.</summary>
    Yes,

    /// <summary>What is known of the kernel does not say it.</summary>
    Unknown,

    /// <summary>It does not.</summary>
    No,
}
