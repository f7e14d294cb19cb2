using System.Text;

namespace Pm.Ebpf.Fitting;

/// <summary>What a kernel was built with: the lines <c>CONFIG_NAME=VALUE</c> of its configuration.</summary>
public sealed class KernelConfiguration
{
    /// <summary>Bytes of a configuration; those of distributions have 300 kB.</summary>
    public const int Limit = 8 << 20;

    /// <summary>What the name of each begins with.</summary>
    internal const string Prefix = "CONFIG_";

    /// <summary>The kernel does not say it anywhere.</summary>
    public static readonly KernelConfiguration Missing = new([]) { IsMissing = true };

    readonly Dictionary<string, string> _values;

    KernelConfiguration(Dictionary<string, string> values) => _values = values;

    /// <summary>There is no file that says it.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>Reads it. What is not set is a comment there.</summary>
    /// <param name="text">At most <see cref="Limit"/> bytes.</param>
    public static KernelConfiguration Parse(ReadOnlySpan<byte> text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.StartsWith("CONFIG_"u8) && line.IndexOf((byte)'=') is > 0 and var equals && equals < line.Length - 1)
            {
                // libbpf takes the first.
                values.TryAdd(Encoding.Latin1.GetString(line[..equals]), Encoding.Latin1.GetString(line[(equals + 1)..]));
            }
        }

        return new KernelConfiguration(values);
    }

    /// <summary>As it stands there: <c>y</c>, <c>"text"</c>, <c>0x10</c>; null where it is not set.</summary>
    internal string? Find(string name) => _values.GetValueOrDefault(name);
}
