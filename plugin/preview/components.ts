import { Button, Link, LoadingButton } from './controls.tsx';
import {
  Accordion,
  DescriptionList,
  DescriptionListItem,
  ScoreCircle,
  Statistics,
  StatisticsItem,
  StatusTag,
  Tag,
} from './data.tsx';
import { Box, Divider, Flex, Heading, Text } from './layout.tsx';
import { Alert, EmptyState, ErrorState, LoadingSpinner } from './states.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from './table.tsx';
import { Tab, Tabs } from './tabs.tsx';

/** Our rendering of every HubSpot component that the cards use, by HubSpot's name; a test holds the list against the cards. */
export const COMPONENTS = {
  Accordion,
  Alert,
  Box,
  Button,
  DescriptionList,
  DescriptionListItem,
  Divider,
  EmptyState,
  ErrorState,
  Flex,
  Heading,
  Link,
  LoadingButton,
  LoadingSpinner,
  ScoreCircle,
  Statistics,
  StatisticsItem,
  StatusTag,
  Tab,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Tabs,
  Tag,
  Text,
};
