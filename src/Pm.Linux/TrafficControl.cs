using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// eBPF filters of traffic control on the interfaces of one network, and the queueing discipline <c>clsact</c> that has room for them. libbpf attaches such filters, but it neither lists them nor gives them
/// names. Source: rtnetlink(7), tc-bpf(8), linux/pkt_sched.h, linux/pkt_cls.h.
/// </summary>
public sealed class TrafficControl : IDisposable
{
    /// <summary>The queueing discipline for filters both ways.</summary>
    public const string BothWays = "clsact";

    /// <summary>The one for filters on the way in alone.</summary>
    public const string InOnly = "ingress";

    const ushort NewDiscipline = 36, RemoveDiscipline = 37, GetDiscipline = 38; // RTM_NEWQDISC …
    const ushort NewFilter = 44, RemoveFilter = 45, GetFilter = 46; // RTM_NEWTFILTER …
    const ushort KindAttribute = 1, OptionsAttribute = 2; // TCA_KIND, TCA_OPTIONS
    const ushort DescriptorOption = 6, NameOption = 7, FlagsOption = 8, ProgramOption = 11; // TCA_BPF_FD …
    const uint ProgramDecides = 1; // TCA_BPF_FLAG_ACT_DIRECT

    const uint DisciplineParent = 0xFFFF_FFF1; // TC_H_CLSACT
    const uint DisciplineHandle = 0xFFFF_0000;
    const uint IngressParent = 0xFFFF_FFF2; // TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)
    const uint EgressParent = 0xFFFF_FFF3;

    /// <summary>ETH_P_ALL, in the order of the network.</summary>
    const uint EveryProtocol = 0x0300;

    const int StructureSize = 20; // struct tcmsg

    const string AddingDiscipline = "add qdisc clsact";
    const string AddingFilter = "add filter bpf";

    readonly NetlinkSocket _socket;

    TrafficControl(NetlinkSocket socket) => _socket = socket;

    /// <summary>Of the network that this process is in.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static TrafficControl Open() => new(NetlinkSocket.Open());

    /// <summary>Of a network that this process need not be in.</summary>
    /// <returns>Null: it is not there any more.</returns>
    /// <exception cref="SystemCallException">It may not be entered.</exception>
    public static TrafficControl? TryOpen(ulong network) => NetworkNamespace.TryWithin(network, Open);

    /// <summary>The module of the kernel whose lack is why it refused (ENOENT); null where it is not that.</summary>
    public static string? ModuleOf(SystemCallException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return (failure.Errno, failure.Call) switch
        {
            (Errno.ENOENT, AddingDiscipline) => "sch_ingress",
            (Errno.ENOENT, AddingFilter) => "cls_bpf",
            _ => null,
        };
    }

    /// <summary>The interfaces that have room for filters, and by which queueing discipline: <see cref="BothWays"/> or <see cref="InOnly"/>.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public IReadOnlyDictionary<int, string> Disciplines()
    {
        var found = new Dictionary<int, string>();
        _socket.List(
            new NetlinkMessage(GetDiscipline, NetlinkSocket.Request | NetlinkSocket.Dump, Structure(0, 0, 0, 0)), "list qdisc", found.Clear,
            (kind, body) =>
            {
                if (kind is NewDiscipline && body.Length >= StructureSize && new NetlinkAttributes(body[StructureSize..]).Text(KindAttribute) is BothWays or InOnly)
                {
                    found[MemoryMarshal.Read<int>(body[4..])] = new NetlinkAttributes(body[StructureSize..]).Text(KindAttribute)!;
                }
            });
        return found;
    }

    /// <summary>Makes room for filters both ways.</summary>
    /// <exception cref="SystemCallException">EEXIST: there is; ENOENT: the kernel has no <c>clsact</c>.</exception>
    public void AddDiscipline(int interfaceIndex)
    {
        var message = new NetlinkMessage(
            NewDiscipline, NetlinkSocket.Request | NetlinkSocket.Acknowledge | NetlinkSocket.Create | NetlinkSocket.Exclusive, Structure(interfaceIndex, DisciplineHandle, DisciplineParent, 0));
        message.Add(KindAttribute, BothWays);
        _socket.Tell(message, AddingDiscipline);
    }

    /// <summary>Takes the room away, with all filters that are in it.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void RemoveDisciplineOf(int interfaceIndex)
    {
        var message = new NetlinkMessage(RemoveDiscipline, NetlinkSocket.Request | NetlinkSocket.Acknowledge, Structure(interfaceIndex, DisciplineHandle, DisciplineParent, 0));
        message.Add(KindAttribute, BothWays);
        _socket.Tell(message, "delete qdisc clsact");
    }

    /// <summary>The filters of an interface, one way; none where there is no room for any.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public IReadOnlyList<TrafficFilter> Filters(int interfaceIndex, bool isEgress)
    {
        var found = new List<TrafficFilter>();
        _socket.List(
            new NetlinkMessage(GetFilter, NetlinkSocket.Request | NetlinkSocket.Dump, Structure(interfaceIndex, 0, ParentOf(isEgress), 0)), "list filter", found.Clear,
            (kind, body) =>
            {
                if (kind is NewFilter && body.Length >= StructureSize)
                {
                    var attributes = new NetlinkAttributes(body[StructureSize..]);
                    var options = attributes.Within(OptionsAttribute);
                    found.Add(new TrafficFilter(interfaceIndex, isEgress, (int)(MemoryMarshal.Read<uint>(body[16..]) >> 16), MemoryMarshal.Read<uint>(body[8..]))
                    {
                        Kind = attributes.Text(KindAttribute) ?? "",
                        Name = attributes.Text(KindAttribute) is "bpf" ? options.Text(NameOption) : null,
                        Program = attributes.Text(KindAttribute) is "bpf" ? options.Number(ProgramOption) : null,
                    });
                }
            });
        return found;
    }

    /// <summary>Has a program look at all packets that come by, and decide what becomes of each.</summary>
    /// <param name="filter">Where, and what it is to be called.</param>
    /// <param name="program">The descriptor of the loaded program.</param>
    /// <exception cref="SystemCallException">EEXIST: there is one already; ENOENT: the kernel has no eBPF filters (cls_bpf); ENODEV: there is no such interface.</exception>
    public void Add(TrafficFilter filter, int program)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var message = Of(filter, NewFilter, NetlinkSocket.Create | NetlinkSocket.Exclusive);
        message.Add(OptionsAttribute, options =>
        {
            options.Add(DescriptorOption, (uint)program);
            options.Add(NameOption, filter.Name ?? "");
            options.Add(FlagsOption, ProgramDecides);
        });
        _socket.Tell(message, AddingFilter);
    }

    /// <exception cref="SystemCallException">ENOENT, EINVAL: it is not there; ENODEV: there is no such interface.</exception>
    public void Remove(TrafficFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _socket.Tell(Of(filter, RemoveFilter, 0), "delete filter bpf");
    }

    public void Dispose() => _socket.Dispose();

    static NetlinkMessage Of(TrafficFilter filter, ushort kind, ushort flags)
    {
        var message = new NetlinkMessage(
            kind, (ushort)(NetlinkSocket.Request | NetlinkSocket.Acknowledge | flags),
            Structure(filter.InterfaceIndex, filter.Handle, ParentOf(filter.IsEgress), ((uint)filter.Priority << 16) | EveryProtocol));
        message.Add(KindAttribute, filter.Kind);
        return message;
    }

    static uint ParentOf(bool isEgress) => isEgress ? EgressParent : IngressParent;

    static byte[] Structure(int interfaceIndex, uint handle, uint parent, uint information)
    {
        var bytes = new byte[StructureSize];
        MemoryMarshal.Write(bytes.AsSpan(4), interfaceIndex);
        MemoryMarshal.Write(bytes.AsSpan(8), handle);
        MemoryMarshal.Write(bytes.AsSpan(12), parent);
        MemoryMarshal.Write(bytes.AsSpan(16), information);
        return bytes;
    }
}
