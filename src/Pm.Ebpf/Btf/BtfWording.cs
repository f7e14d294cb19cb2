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
            BtfKind.Array => $"{Of(type.Target, depth + 1)}[{type.Length}]",
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

    static string Named(BtfType type) => type.Name is { Length: > 0 } name ? name : "{…}";
}
