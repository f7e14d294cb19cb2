using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Parameters;

/// <summary>A global that its user may set, and no flag can.</summary>
public sealed class UnsettableGlobal
{
    internal UnsettableGlobal(GlobalSpec global) => (Global, Name, Type) = (global, Parameter.KebabCase(global.Name), Plain(global.Type));

    public GlobalSpec Global { get; }

    /// <summary>What its flag would be called.</summary>
    public string Name { get; }

    /// <summary>As C names it, without saying that it is <c>const volatile</c>, as all of these are.</summary>
    public string Type { get; }

    static string Plain(BtfType type)
    {
        for (var depth = 0; depth < BtfLimits.Depth && type.Kind is BtfKind.Const or BtfKind.Volatile; depth++)
        {
            type = type.Target;
        }

        // An array itself is never that: its elements are.
        return type.Kind is BtfKind.Array ? $"{type}".Replace("const volatile ", "", StringComparison.Ordinal) : $"{type}";
    }
}
