using System.Globalization;

namespace Pm.Ebpf.Btf;

/// <summary>Says in names what a <see cref="CoreRelocation"/> says in numbers.</summary>
public static class CoreAccess
{
    /// <summary>Steps of a path; no kernel type nests deeper.</summary>
    const int MaximumSteps = 64;

    /// <summary><c>task_struct.pid</c>, or the type alone; the part of its name from <c>___</c> on is a flavour, which the kernel's has not.</summary>
    public static string Describe(CoreRelocation relocation)
    {
        var name = Bare(relocation.Type.Resolve().Name is { Length: > 0 } own ? own : relocation.Type.Name);
        return relocation.Kind switch
        {
            <= CoreRelocationKind.FieldRightShift => name + Path(relocation),
            CoreRelocationKind.EnumeratorExists or CoreRelocationKind.EnumeratorValue => name + Enumerator(relocation),
            _ => name,
        };
    }

    /// <summary>The name that the kernel's type has.</summary>
    public static string Bare(string name) => name.IndexOf("___", StringComparison.Ordinal) is > 0 and var end ? name[..end] : name;

    static string Path(CoreRelocation relocation)
    {
        var type = relocation.Type.Resolve();
        var path = "";
        foreach (var step in relocation.Access.Split(':', MaximumSteps).Skip(1))
        {
            if (!int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                return path + ".?";
            }

            if (type.Kind is BtfKind.Array)
            {
                (path, type) = ($"{path}[{index}]", type.Target.Resolve());
            }
            else if (type.IsComposite && index < type.Count)
            {
                // What an anonymous struct has belongs to the one around it.
                var member = type.MemberAt(index);
                path += member.Name.Length > 0 ? "." + member.Name : "";
                type = member.Type.Resolve();
            }
            else
            {
                return path + ".?";
            }
        }

        return path;
    }

    static string Enumerator(CoreRelocation relocation) =>
        relocation.Type.Resolve() is { IsEnum: true } type && int.TryParse(relocation.Access, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < type.Count ? "." + Bare(type.EnumeratorAt(index).Name) : ".?";
}
