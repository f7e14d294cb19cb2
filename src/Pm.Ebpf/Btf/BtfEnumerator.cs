namespace Pm.Ebpf.Btf;

/// <summary>One value of an enumeration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its bits, sign-extended when the enumeration is signed.</param>
public readonly record struct BtfEnumerator(string Name, long Value);
