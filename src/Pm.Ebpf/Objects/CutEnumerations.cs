using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>Enumerations of which the compiler wrote down only a part of each value (<see cref="BtfType.IsCut"/>), among what people see of an object: events, flags, keys and values of maps.</summary>
public static class CutEnumerations
{
    /// <summary>Under which it is explained.</summary>
    public const string Code = "PM8085";

    /// <returns>Each once, in the order in which they are found.</returns>
    public static IReadOnlyList<BtfType> Of(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var open = new Queue<BtfType>(spec.Events.SelectMany(e => e.Layouts)
            .Concat(spec.Records.Values)
            .Concat(spec.Globals.Where(g => g.IsParameter).Select(g => g.Type))
            .Concat(spec.Maps.SelectMany(m => new[] { m.Key, m.Value }).OfType<BtfType>()));
        var seen = new HashSet<int>();
        var found = new List<BtfType>();
        while (open.TryDequeue(out var next))
        {
            var type = next.Resolve();
            if (!seen.Add(type.Id))
            {
                continue;
            }

            if (type.IsCut)
            {
                found.Add(type);
            }
            else if (type.Kind is BtfKind.Array)
            {
                open.Enqueue(type.Target);
            }
            else if (type.IsComposite)
            {
                foreach (var member in type.Members)
                {
                    open.Enqueue(member.Type);
                }
            }
        }

        return found;
    }
}
