namespace Pm.Ebpf.Events;

/// <summary>One member of an event as people see it.</summary>
/// <param name="Name">The member's.</param>
/// <param name="Key">What stands before its value on a line of <c>name=value</c>.</param>
/// <param name="From">The first step that writes it.</param>
/// <param name="To">The step behind the last.</param>
/// <param name="Start">Where on the line its column begins.</param>
readonly record struct EventColumn(string Name, byte[] Key, int From, int To, int Start);
