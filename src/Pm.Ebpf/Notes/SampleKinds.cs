namespace Pm.Ebpf.Notes;

/// <summary>The words for kinds of samples. Source: eunomia's package.json.</summary>
public static class SampleKinds
{
    static readonly (string Name, SampleKind Kind)[] All =
        [("default_kv", SampleKind.KeyValue), ("log2_hist", SampleKind.LogarithmicHistogram), ("linear_hist", SampleKind.LinearHistogram)];

    public static string NameOf(SampleKind kind) => All.First(k => k.Kind == kind).Name;

    /// <summary>Null: there is none of that name.</summary>
    public static SampleKind? Find(string name) => All.Where(k => k.Name == name).Select(k => (SampleKind?)k.Kind).FirstOrDefault();
}
