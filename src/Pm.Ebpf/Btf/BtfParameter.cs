namespace Pm.Ebpf.Btf;

/// <summary>A parameter of a function.</summary>
/// <param name="Name">Empty where it has none.</param>
/// <param name="Type">Void, without a name and as the last: any number of further ones.</param>
public readonly record struct BtfParameter(string Name, BtfType Type);
