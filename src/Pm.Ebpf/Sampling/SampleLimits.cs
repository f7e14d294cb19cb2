namespace Pm.Ebpf.Sampling;

/// <summary>What a map that is shown may demand.</summary>
public static class SampleLimits
{
    /// <summary>Entries that are read; of a larger map the others are left out.</summary>
    public const int Entries = 65_536;

    /// <summary>Bytes of all entries of one reading.</summary>
    public const long Bytes = 64 << 20;

    /// <summary>Rows of a histogram. Source: a number of 64 bits has no more powers of two.</summary>
    public const int LogarithmicRows = 64;

    /// <summary>Rows of a histogram whose rows are alike.</summary>
    public const int LinearRows = 4096;
}
