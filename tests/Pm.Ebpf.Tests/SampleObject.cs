using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Tests;

/// <summary>The objects beside the tests, by the names of their sources.</summary>
static class SampleObject
{
    public static string Folder => Path.Join(AppContext.BaseDirectory, "objects");

    public static string PathOf(string name) => Path.Join(Folder, name + ".o");

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static BpfSpec Spec(string name, params (string Map, string Type)[] events) =>
        BpfSpec.Parse(Bytes(name), name + ".o", events.ToDictionary(e => e.Map, e => e.Type));
}
