namespace Pm.Ebpf.Btf;

/// <summary>Names a type as C does, for people.</summary>
static class BtfWording
{
    public static string Of(BtfType type) => Of(type, 0);

    static string Of(BtfType type, int depth)
    {
        if (depth > BtfLimits.Depth)
        {
            return "…";
        }

        return type.Kind switch
        {
            BtfKind.Void => "void",
            BtfKind.Pointer => Of(type.Target, depth + 1) is var of && of.EndsWith('*') ? of + "*" : of + " *",
            BtfKind.Array => Dimensions(type, depth),
            BtfKind.Struct => "struct " + Named(type),
            BtfKind.Union => "union " + Named(type),
            BtfKind.Enum or BtfKind.Enum64 => "enum " + Named(type),
            BtfKind.Forward => (type.Flag ? "union " : "struct ") + Named(type),
            BtfKind.Const => "const " + Of(type.Target, depth + 1),
            BtfKind.Volatile => "volatile " + Of(type.Target, depth + 1),
            BtfKind.Restrict or BtfKind.TypeTag => Of(type.Target, depth + 1),
            BtfKind.FunctionPrototype => "function",
            _ => Named(type),
        };
    }

    /// <summary>As C does, the outer first: <c>int[2][3]</c> are two of three each.</summary>
    static string Dimensions(BtfType type, int depth)
    {
        var lengths = "";
        for (; type.Kind is BtfKind.Array && depth <= BtfLimits.Depth; depth++, type = type.Target)
        {
            lengths += $"[{type.Length}]";
        }

        return Of(type, depth) + lengths;
    }

    static string Named(BtfType type) => type.Name is { Length: > 0 } name ? name : "{…}";
}
