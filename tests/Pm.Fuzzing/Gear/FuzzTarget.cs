namespace Pm.Fuzzing.Gear;

/// <summary>One door through which bytes come in from outside.</summary>
/// <param name="Name">Also the name of its directory in <c>corpus/</c>.</param>
/// <param name="Read">
/// Reads the bytes as pm would. It returns or throws one of <see cref="Allowed"/>; whatever else it throws, such as an
/// assertion about what was read, is a finding.
/// </param>
sealed record FuzzTarget(string Name, Action<byte[]> Read)
{
    /// <summary>Inputs that are accepted: what mutation starts from.</summary>
    public required Func<IEnumerable<byte[]>> Seeds { get; init; }

    /// <summary>The exceptions that say "these bytes are wrong", exactly; none where the answer is a value.</summary>
    public Type[] Allowed { get; init; } = [];

    /// <summary>What the format is made of: words that random bytes would never hit.</summary>
    public byte[][] Words { get; init; } = [];

    /// <summary>Makes checksums right again, so that damage is seen behind them too; applied to every second input.</summary>
    public Func<byte[], byte[]>? Repair { get; init; }

    /// <summary>Damage that knows the format, in place, or as other bytes; three quarters of all inputs have only such. Null: there is none.</summary>
    public Func<byte[], Dice, byte[]>? Damage { get; init; }

    /// <summary>How many times <see cref="MemoryLimit"/> the whole process may grow by: memory of libraries and of other threads is no part of that number.</summary>
    public const int MemoryFactor = 4;

    /// <summary>Bytes that one input may make the reader allocate, all together, on the managed heap.</summary>
    public long MemoryLimit { get; init; } = 32L << 20;

    /// <summary>Bytes of one input.</summary>
    public int MaximumLength { get; init; } = 64 << 10;
}
